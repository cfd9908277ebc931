"""The node: connection, codecs, keys, sending. Only `connection` imports web3."""
