namespace FlowKit.Wire.Proto;

/// <summary>The forms of documents on the wire; a Jina peer uses that of the DocArray that is installed beside it.</summary>
public enum DocArrayDialect
{
    /// <summary>DocArray up to 0.21: <c>DocumentProto</c>, a message with a field for everything.</summary>
    V1,

    /// <summary>DocArray from 0.30: <c>DocProto</c>, a map from names to values.</summary>
    V2,
}
