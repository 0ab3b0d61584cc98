using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>The methods of <c>packets.proto</c>.</summary>
internal static class Packets
{
    public static readonly Method<byte[], byte[]> Echo = Of("Echo");
    public static readonly Method<byte[], byte[]> Split = Of("Split", MethodType.ServerStreaming);
    public static readonly Method<byte[], byte[]> Join = Of("Join", MethodType.ClientStreaming);
    public static readonly Method<byte[], byte[]> Chat = Of("Chat", MethodType.DuplexStreaming);
    public static readonly Method<byte[], byte[]> Wait = Of("Wait");
    public static readonly Method<byte[], byte[]> Fail = Of("Fail");

    public static Method<byte[], byte[]> Of(string name, MethodType type = MethodType.Unary) =>
        new(type, "flowkit.test.Packets", name, PacketMarshaller.Instance.ForRequests(), PacketMarshaller.Instance.ForReplies());
}
