namespace FlowKit.Executors.Mapped;

/// <summary>A part of an index's map.</summary>
internal enum MapSection
{
    /// <summary>The number of bytes of each row's id; -1 of a row without a document.</summary>
    IdLengths,

    /// <summary>The ids, one after another, in UTF-8.</summary>
    Ids,

    /// <summary>The checksums of rows as the table has them.</summary>
    Checksums,

    /// <summary>Half the square of each row's length, for distances alone.</summary>
    HalfNorms,

    /// <summary>The CRC32C of each block of vectors.</summary>
    BlockChecksums,

    /// <summary>The highest layer of each node; 255 of a row that is none.</summary>
    Levels,

    /// <summary>The place in <see cref="Links"/> at which each node begins.</summary>
    LinkStarts,

    /// <summary>Of each layer of a node the number of its neighbours, and these.</summary>
    Links,

    /// <summary>The vectors in whole blocks, as searches read them.</summary>
    Vectors,

    /// <summary>The scales of rows, for those in 16 bits alone.</summary>
    Scales,
}
