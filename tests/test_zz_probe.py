from contracts.helpers import *
def test_probe(world):
    a=world.authority.address
    t=world.new_token()
    h=[storage_hash(world,a)]
    world.node.mine(); h.append(storage_hash(world,a))
    halt(world); h.append(storage_hash(world,a))
    world.travel(5000); h.append(storage_hash(world,a))
    c=world.system.bind.resume(0,INCIDENT)
    from world import DOCUMENT
    from stotoken.client.act import act_hash
    o=world.orders.bind
    world.send("sys_admin", o.propose(str(c.to), c.data, 1, DOCUMENT, world.now+99)); h.append(storage_hash(world,a))
    world.send("compliance", o.approve(o.count(), act_hash(str(c.to), c.data))); h.append(storage_hash(world,a))
    r=world.send("sys_admin", o.execute(o.count(), str(c.to), c.data)); h.append(storage_hash(world,a))
    for x in h: print(x)
