namespace FlowKit.Wire.Proto.V2;

/// <summary>An entry of a map of nodes that is being written.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Value">The node in it.</param>
internal readonly record struct MapEntry(NestedMessage Entry, NestedMessage Value)
{
    /// <summary>Begins an entry; what follows are the fields of its node.</summary>
    public static MapEntry Begin(ref ProtoWriter writer, string key)
    {
        var entry = writer.Begin(1);
        writer.String(1, key);
        return new MapEntry(entry, writer.Begin(2, key));
    }

    /// <summary>Ends the entry with the name of its Python type.</summary>
    public void End(ref ProtoWriter writer, string? type)
    {
        if (type is not null)
        {
            writer.PresentString(13, type);
        }

        writer.End(Value);
        writer.End(Entry);
    }
}
