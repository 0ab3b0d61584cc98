using FlowKit.Wire.Grpc;

namespace FlowKit.Serving.Grpc;

/// <summary>The methods of <c>packets.proto</c>.</summary>
internal static class Packets
{
    public static readonly GrpcMethod<byte[], byte[]> Echo = Of("Echo");
    public static readonly GrpcMethod<byte[], byte[]> Split = Of("Split");
    public static readonly GrpcMethod<byte[], byte[]> Join = Of("Join");
    public static readonly GrpcMethod<byte[], byte[]> Chat = Of("Chat");
    public static readonly GrpcMethod<byte[], byte[]> Wait = Of("Wait");
    public static readonly GrpcMethod<byte[], byte[]> Fail = Of("Fail");

    public static GrpcMethod<byte[], byte[]> Of(string name) => new("flowkit.test.Packets", name, PacketMarshaller.Instance, PacketMarshaller.Instance);
}
