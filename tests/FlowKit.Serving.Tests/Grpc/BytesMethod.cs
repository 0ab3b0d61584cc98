using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>A method whose messages are bytes, whatever is in them.</summary>
internal static class BytesMethod
{
    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    public static Method<byte[], byte[]> Of(MethodType type, string service, string name) => new(type, service, name, s_bytes, s_bytes);
}
