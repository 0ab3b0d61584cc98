"""Names and channels that the client and the server script share."""
import grpc
import packets_pb2

OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
SERVICE = "flowkit.test.Packets"
Packet = packets_pb2.Packet


def method(channel, kind, name):
    return getattr(channel, kind)(f"/{SERVICE}/{name}", request_serializer=Packet.SerializeToString, response_deserializer=Packet.FromString)


def channel(address, certificate=None, **options):
    chosen = OPTIONS + list(options.items())
    if certificate:
        with open(certificate, "rb") as file:
            return grpc.secure_channel(address, grpc.ssl_channel_credentials(file.read()), options=chosen)
    return grpc.insecure_channel(address, options=chosen)
