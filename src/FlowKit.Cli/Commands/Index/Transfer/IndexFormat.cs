namespace FlowKit.Cli.Commands.Index.Transfer;

/// <summary>The format of a file of documents, which its name says.</summary>
internal enum IndexFormat
{
    /// <summary>A document of JSON in each line.</summary>
    JsonLines,

    /// <summary>Vectors as numpy saves them.</summary>
    Npy,

    /// <summary>Columns of an Apache Parquet file.</summary>
    Parquet,
}
