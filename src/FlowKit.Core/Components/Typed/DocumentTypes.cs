namespace FlowKit.Components.Typed;

/// <summary>Tells which types are typed documents, and which hold several of them.</summary>
internal static class DocumentTypes
{
    /// <summary>Tells whether a type is a typed document.</summary>
    public static bool IsDocument(Type type) => type.IsClass && typeof(BaseDoc).IsAssignableFrom(type);

    /// <summary>
    /// Returns the type of the documents of a list that a method may take or return; <see langword="null"/> for any other type.
    /// </summary>
    public static Type? ItemOf(Type type)
    {
        var item = type.IsArray ? type.GetElementType() : ArgumentOf(type);
        return item is not null && IsDocument(item) && type.IsAssignableFrom(ListOf(type, item)) ? item : null;
    }

    /// <summary>Returns the type of the documents of a stream; <see langword="null"/> for any other type.</summary>
    public static Type? StreamedBy(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>) && IsDocument(type.GetGenericArguments()[0])
            ? type.GetGenericArguments()[0]
            : null;

    /// <summary>Returns what a task brings, or the type itself.</summary>
    public static Type AwaitedOf(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;

    private static Type? ArgumentOf(Type type) => type.IsGenericType && type.GetGenericArguments() is [var only] ? only : null;

    private static Type ListOf(Type type, Type item) => type.IsArray ? item.MakeArrayType() : typeof(DocList<>).MakeGenericType(item);
}
