namespace FlowKit;

/// <summary>Facts of every <see cref="NdType"/>: its size, its .NET type, its names.</summary>
public static class NdTypes
{
    private static readonly (NdType Type, Type Clr, int Size, string Name, string NumPy)[] s_facts =
    [
        (NdType.Bool, typeof(bool), 1, "bool", "|b1"),
        (NdType.UInt8, typeof(byte), 1, "uint8", "|u1"),
        (NdType.Int8, typeof(sbyte), 1, "int8", "|i1"),
        (NdType.UInt16, typeof(ushort), 2, "uint16", "<u2"),
        (NdType.Int16, typeof(short), 2, "int16", "<i2"),
        (NdType.UInt32, typeof(uint), 4, "uint32", "<u4"),
        (NdType.Int32, typeof(int), 4, "int32", "<i4"),
        (NdType.UInt64, typeof(ulong), 8, "uint64", "<u8"),
        (NdType.Int64, typeof(long), 8, "int64", "<i8"),
        (NdType.Float16, typeof(Half), 2, "float16", "<f2"),
        (NdType.Float32, typeof(float), 4, "float32", "<f4"),
        (NdType.Float64, typeof(double), 8, "float64", "<f8"),
    ];

    /// <summary>Bytes of one element.</summary>
    /// <param name="type">The element type.</param>
    public static int SizeOf(NdType type) => s_facts[(int)type].Size;

    /// <summary>The name users write: <c>float32</c>.</summary>
    /// <param name="type">The element type.</param>
    public static string NameOf(NdType type) => s_facts[(int)type].Name;

    /// <summary>NumPy's <c>dtype.str</c>: <c>&lt;f4</c>.</summary>
    /// <param name="type">The element type.</param>
    public static string NumPyOf(NdType type) => s_facts[(int)type].NumPy;

    /// <summary>The element type that holds <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">A .NET primitive or <see cref="Half"/>.</typeparam>
    /// <exception cref="NotSupportedException">No array holds this type.</exception>
    public static NdType Of<T>() where T : unmanaged
    {
        foreach (var fact in s_facts)
        {
            if (fact.Clr == typeof(T))
            {
                return fact.Type;
            }
        }

        throw new NotSupportedException($"An NdArray cannot hold {typeof(T).Name}.");
    }

    /// <summary>Reads either spelling of an element type, <c>float32</c> or <c>&lt;f4</c>.</summary>
    /// <param name="name">The spelling.</param>
    /// <param name="type">The element type, when known.</param>
    /// <returns>Whether the spelling is known.</returns>
    public static bool TryParse(string name, out NdType type)
    {
        foreach (var fact in s_facts)
        {
            if (string.Equals(fact.Name, name, StringComparison.Ordinal) || string.Equals(fact.NumPy, name, StringComparison.Ordinal)
                || (
                    fact.Size == 1
                        && name is ['<' or '=' or '>' or '|', ..]
                        && string.Equals(fact.NumPy[1..], name[1..], StringComparison.Ordinal)))
            {
                type = fact.Type;
                return true;
            }
        }

        type = default;
        return false;
    }
}
