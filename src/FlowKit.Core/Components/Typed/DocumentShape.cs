using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace FlowKit.Components.Typed;

/// <summary>The fields of a typed document, and the way between it, a document of a flow and JSON.</summary>
internal sealed class DocumentShape
{
    // Weakly, since executors' classes may unload.
    private static readonly ConditionalWeakTable<Type, DocumentShape> s_shapes = [];

    private readonly Type _type;
    private readonly ConstructorInfo _constructor;
    private readonly DocumentProperty?[] _arguments;

    private DocumentShape(Type type)
    {
        _type = type;
        Properties = DocumentProperty.Of(type);
        _constructor = type.GetConstructors().OrderBy(constructor => constructor.GetParameters().Length).FirstOrDefault(IsBindable)
            ?? throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"{type.Name}: a typed document has a public constructor without parameters, or one whose parameters are its properties.");
        _arguments = [.. _constructor.GetParameters().Select(PropertyOf)];
    }

    /// <summary>The fields, the id first.</summary>
    public DocumentProperty[] Properties { get; }

    /// <summary>Returns the shape of a type.</summary>
    /// <exception cref="FlowKitException">It cannot be constructed.</exception>
    public static DocumentShape Of(Type type) => s_shapes.GetValue(type, static each => new DocumentShape(each));

    /// <summary>Makes a typed document of one of the flow's.</summary>
    /// <param name="document">The document.</param>
    /// <param name="place">Where it is, for errors: <c>data[0]</c>.</param>
    /// <exception cref="FlowKitException">A field is of another type, or one that is required is missing.</exception>
    public BaseDoc Read(Document document, string place) => Create(property => OwnFields.Get(document, property, place)
        ?? FieldValue.FromJson(document.HasTags ? document.Tags[property.Name] : null, property, place), place);

    /// <summary>Makes a typed document of JSON.</summary>
    /// <exception cref="FlowKitException">A field is of another type, or one that is required is missing.</exception>
    public BaseDoc FromFields(JsonObject fields, string place) =>
        Create(property => FieldValue.FromJson(fields[property.Name], property, place), place);

    /// <summary>Makes a document of the flow.</summary>
    public Document Write(BaseDoc typed)
    {
        var document = new Document(typed.Id);
        foreach (var property in Properties)
        {
            if (property.Property.GetValue(typed) is { } value && !OwnFields.TrySet(document, property, value))
            {
                document.Tags[property.Name] = FieldValue.ToJson(value);
                Keep(document, property.Name);
            }
        }

        return document;
    }

    /// <summary>Makes JSON.</summary>
    public JsonObject ToFields(BaseDoc typed)
    {
        var fields = new JsonObject();
        foreach (var property in Properties)
        {
            if (property.Property.GetValue(typed) is { } value)
            {
                fields[property.Name] = FieldValue.ToJson(value);
            }
        }

        fields["id"] = new JsonObject { [FieldJson.Type] = "id", ["value"] = typed.Id };
        return fields;
    }

    /// <summary>Makes an instance for the defaults of its fields; <see langword="null"/> where the type needs arguments.</summary>
    public BaseDoc? Default() => _arguments.Length == 0 ? (BaseDoc)Activator.CreateInstance(_type)! : null;

    private BaseDoc Create(Func<DocumentProperty, object?> read, string place)
    {
        var values = Properties.ToDictionary(property => property, read);
        if (Properties.FirstOrDefault(property => property.IsRequired && values[property] is null) is { } missing)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{place}.{missing.Name}: field required");
        }

        var parameters = _constructor.GetParameters();
        var arguments = parameters.Select((parameter, at) => values[_arguments[at]!] ?? DefaultOf(parameter));
        var typed = (BaseDoc)_constructor.Invoke([.. arguments]);
        foreach (var (property, value) in values)
        {
            if (value is not null && property.IsWritable && !_arguments.Contains(property))
            {
                property.Property.SetValue(typed, Fit(value, property.Property.PropertyType));
            }
        }

        return typed;
    }

    private static object? Fit(object value, Type type) =>
        value is ReadOnlyMemory<byte> bytes && type == typeof(byte[]) ? bytes.ToArray() : value;

    private static object? DefaultOf(ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue)
        {
            return parameter.DefaultValue;
        }

        return parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
    }

    private bool IsBindable(ConstructorInfo constructor) =>
        Array.TrueForAll(constructor.GetParameters(), parameter => PropertyOf(parameter) is not null);

    private DocumentProperty? PropertyOf(ParameterInfo parameter) => Array.Find(
        Properties,
        property => string.Equals(property.Property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
            && property.Property.PropertyType == parameter.ParameterType);

    /// <summary>Remembers that a tag is a field, so that it goes out as one.</summary>
    private static void Keep(Document document, string name)
    {
        if (document.Metadata[FieldJson.Kept] is not JsonObject kept)
        {
            document.Metadata[FieldJson.Kept] = kept = [];
        }

        kept[name] = null;
    }
}
