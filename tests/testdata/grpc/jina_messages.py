"""The messages of Jina's wire, made of the descriptions of our own .proto files."""
import os

from google.protobuf import descriptor_pb2, descriptor_pool, empty_pb2, message_factory


def load(files):
    """Adds files after what they import."""
    pool, left = descriptor_pool.DescriptorPool(), list(files)
    known = set()
    while left:
        file = next(f for f in left if known.issuperset(f.dependency))
        pool.Add(file)
        known.add(file.name)
        left.remove(file)
    return pool


def described():
    with open(os.path.join(os.path.dirname(__file__), "jina.set"), "rb") as file:
        return load(descriptor_pb2.FileDescriptorSet.FromString(file.read()).file)


POOL = described()


def message(name):
    return message_factory.MessageFactory(POOL).GetPrototype(POOL.FindMessageTypeByName(name))
