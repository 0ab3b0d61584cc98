using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowKit.Components.Typed;

/// <summary>A field of a typed document, or of a class of parameters.</summary>
/// <param name="property">The property that it is.</param>
internal sealed class DocumentProperty(PropertyInfo property)
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; } = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    /// <summary>The type of its values, without <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    /// <summary>The property.</summary>
    public PropertyInfo Property => property;

    /// <summary>Tells whether a document must have it.</summary>
    public bool IsRequired { get; } = property.IsDefined(typeof(RequiredMemberAttribute));

    /// <summary>Tells whether it has a setter, if only one for initialisers.</summary>
    public bool IsWritable => property.CanWrite;

    /// <summary>The type of the documents that it holds: one, or a list of them; <see langword="null"/> for other values.</summary>
    public Type? Documents => DocumentTypes.IsDocument(Type) ? Type : DocumentTypes.ItemOf(Type);

    /// <summary>The properties of a class, the id of a document first.</summary>
    public static DocumentProperty[] Of(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && property.Name != "EqualityContract"
                && property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .OrderBy(property => property.DeclaringType == typeof(BaseDoc) ? 0 : 1)
            .Select(property => new DocumentProperty(property))];
}
