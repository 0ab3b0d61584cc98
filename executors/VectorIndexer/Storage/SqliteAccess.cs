namespace FlowKit.Executors.Storage;

/// <summary>The ways in which a connection may use an index's file.</summary>
internal enum SqliteAccess
{
    /// <summary>Read and write; the file is made when it is not there.</summary>
    ReadWrite,

    /// <summary>Read only, from a folder in which nothing can be written, not even what SQLite keeps beside the file.</summary>
    Read,
}
