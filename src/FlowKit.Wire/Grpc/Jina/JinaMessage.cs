using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Grpc.Jina;

/// <summary>A request or reply with the dialect of its documents; it must not change once it is being sent.</summary>
/// <param name="request">The message.</param>
/// <param name="dialect">How its documents lie on the wire.</param>
public sealed class JinaMessage(DataRequest request, DocArrayDialect dialect)
{
    /// <summary>The message.</summary>
    public DataRequest Request { get; } = request;

    /// <summary>The dialect of its documents on the wire.</summary>
    public DocArrayDialect Dialect { get; } = dialect;

    /// <summary>Its size, measured once for the prefix and the bytes.</summary>
    internal MeasuredMessage<DataRequest>? Measured { get; set; }
}
