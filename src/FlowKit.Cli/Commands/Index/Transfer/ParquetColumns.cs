using Parquet.Schema;

namespace FlowKit.Cli.Commands.Index.Transfer;

/// <summary>The columns of documents in Parquet files.</summary>
internal static class ParquetColumns
{
    public const string Id = "id";
    public const string Text = "text";
    public const string Uri = "uri";
    public const string MimeType = "mime_type";
    public const string Model = "embedding_model";
    public const string Tags = "tags";
    public const string Embedding = "embedding";

    /// <summary>The columns that are written; tags are one object of JSON.</summary>
    public static ParquetSchema Schema { get; } = new(
        new DataField<string>(Id, false),
        new DataField<string>(Text, true),
        new DataField<string>(Uri, true),
        new DataField<string>(MimeType, true),
        new DataField<string>(Model, true),
        new DataField<string>(Tags, true),
        new ListField(Embedding, new DataField<float>("element", false)));
}
