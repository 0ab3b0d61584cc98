namespace FlowKit.Wire.Proto;

/// <summary>The documents of a message in protobuf's bytes, to be sent on as they are or decoded when somebody reads them.</summary>
/// <param name="Data">What the field <c>data</c> (or <c>document</c>) holds.</param>
/// <param name="Name">The field's name, for errors.</param>
/// <param name="Dialect">How the documents lie in it.</param>
/// <param name="IsSingle">Whether it is the one document of a SingleDocumentRequestProto.</param>
internal sealed record UndecodedDocuments(ReadOnlyMemory<byte> Data, string Name, DocArrayDialect Dialect, bool IsSingle)
{
    public DocumentArray Decode()
    {
        var reader = new ProtoReader(Data, Name, Name);
        return IsSingle ? [DocumentCodec.Read(ref reader, Dialect)] : ContentCodec.Read(ref reader, Dialect).Documents;
    }

    /// <summary>Joins a second field of the same name: to protobuf, messages one after another are one message.</summary>
    public UndecodedDocuments And(ReadOnlyMemory<byte> more)
    {
        var joined = new byte[Data.Length + more.Length];
        Data.CopyTo(joined);
        more.CopyTo(joined.AsMemory(Data.Length));
        return this with { Data = joined };
    }
}
