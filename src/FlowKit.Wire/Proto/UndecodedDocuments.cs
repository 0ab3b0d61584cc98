namespace FlowKit.Wire.Proto;

/// <summary>The documents of a message in protobuf's bytes, to be sent on as they are or decoded when somebody reads them.</summary>
internal sealed class UndecodedDocuments : DeferredDocuments
{
    private readonly string _name;

    /// <summary>Counts them, which finds what is wrong with the list, though not with the documents in it.</summary>
    /// <param name="data">What the field <c>data</c> (or <c>document</c>) holds.</param>
    /// <param name="name">The field's name, for errors.</param>
    /// <param name="dialect">How the documents lie in it.</param>
    /// <param name="isSingle">Whether it is the one document of a SingleDocumentRequestProto.</param>
    /// <exception cref="FlowKitException">It is no list of documents.</exception>
    public UndecodedDocuments(ReadOnlyMemory<byte> data, string name, DocArrayDialect dialect, bool isSingle)
    {
        (Data, _name, Dialect, IsSingle) = (data, name, dialect, isSingle);
        var reader = new ProtoReader(data, name, name);
        (Count, MayHaveFailed) = isSingle ? (1, DocumentErrors.MayBeIn(ref reader, dialect)) : ContentCodec.Count(ref reader, dialect);
    }

    public ReadOnlyMemory<byte> Data { get; }

    public DocArrayDialect Dialect { get; }

    public bool IsSingle { get; }

    /// <summary>Makes another error of one that the documents are found to have.</summary>
    public Func<FlowKitException, FlowKitException>? Explain { get; set; }

    public override string Format => FormatOf(Dialect);

    public override int Count { get; }

    public override long Bytes => Data.Length;

    public override bool MayHaveFailed { get; }

    public static string FormatOf(DocArrayDialect dialect) => dialect == DocArrayDialect.V1 ? "docarray v1" : "docarray v2";

    public override List<Document> Decode()
    {
        try
        {
            var reader = new ProtoReader(Data, _name, _name);
            return IsSingle ? [DocumentCodec.Read(ref reader, Dialect)] : [.. ContentCodec.Read(ref reader, Dialect).Documents];
        }
        catch (FlowKitException exception) when (Explain is not null)
        {
            throw Explain(exception);
        }
    }

    /// <summary>Joins a second field of the same name: to protobuf, messages one after another are one message.</summary>
    public UndecodedDocuments And(ReadOnlyMemory<byte> more)
    {
        var joined = new byte[Data.Length + more.Length];
        Data.CopyTo(joined);
        more.CopyTo(joined.AsMemory(Data.Length));
        return new UndecodedDocuments(joined, _name, Dialect, IsSingle);
    }
}
