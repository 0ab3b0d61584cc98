namespace FlowKit.Wire.Proto;

/// <summary>How documents lie on the wire; which one a Jina peer speaks is decided by the DocArray that is installed beside it.</summary>
public enum DocArrayDialect
{
    /// <summary>DocArray up to 0.21: <c>DocumentProto</c>, a message with a field for everything.</summary>
    V1,

    /// <summary>DocArray from 0.30: <c>DocProto</c>, a map from names to values.</summary>
    V2,
}
