namespace FlowKit.Executors.Mapped;

/// <summary>The neighbours of nodes as a map has them.</summary>
/// <param name="file">The file, every byte of which has been checked.</param>
/// <param name="header">Its header.</param>
internal sealed class MappedLinks(MappedFile file, MapHeader header)
{
    /// <summary>The level of a row that is no node.</summary>
    public const byte NoNode = byte.MaxValue;

    /// <summary>The number of rows.</summary>
    public int Rows => header.Rows;

    /// <summary>The node at which walks begin; -1 where there is none.</summary>
    public int Entry => header.Entry;

    /// <summary>The number of nodes.</summary>
    public int Count
    {
        get
        {
            var levels = file.Values<byte>(header[MapSection.Levels].Offset, Rows);
            return Rows - System.MemoryExtensions.Count(levels, NoNode);
        }
    }

    /// <summary>The highest layer of a node; -1 of a row that is none.</summary>
    public int LevelOf(int row)
    {
        if ((uint)row >= (uint)Rows)
        {
            return -1;
        }

        var level = file.Values<byte>(header[MapSection.Levels].Offset + row, 1)[0];
        return level == NoNode ? -1 : level;
    }

    /// <summary>The neighbours of a node in a layer that it has.</summary>
    public ReadOnlySpan<int> Of(int row, int level)
    {
        var (starts, links) = (header[MapSection.LinkStarts].Offset, header[MapSection.Links].Offset);
        var at = links + (file.Values<long>(starts + ((long)row * sizeof(long)), 1)[0] * sizeof(int));
        for (var layer = 0; ; layer++)
        {
            var count = file.Values<int>(at, 1)[0];
            if (layer == level)
            {
                return file.Values<int>(at + sizeof(int), count);
            }

            at += (1 + count) * sizeof(int);
        }
    }
}
