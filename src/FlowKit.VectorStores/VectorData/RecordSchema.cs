using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>
/// Documents as records of a collection: the whole document as JSON, its embedding, its id, a number that pages are ordered by, and the
/// tags that filters ask for.
/// </summary>
/// <param name="options">The collection.</param>
internal sealed class RecordSchema(CollectionOptions options)
{
    /// <summary>The property of the id.</summary>
    public const string Id = "Id";

    /// <summary>The property of the number that pages are ordered by.</summary>
    public const string Row = "Row";

    private const string KeyName = "Key";
    private const string ContentName = "Document";
    private const string VectorName = "Embedding";
    private const string TagPrefix = "tags__";

    private readonly Dictionary<string, RecordField> _fields = FieldsOf(options);

    /// <summary>The properties of the collection.</summary>
    /// <param name="dimension">The number of values of a vector.</param>
    /// <param name="distanceFunction">The connector's name of the measure.</param>
    public VectorStoreCollectionDefinition Define(int dimension, string distanceFunction) => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty(KeyName, options.GuidKeys ? typeof(Guid) : typeof(string)),
            new VectorStoreDataProperty(Id, typeof(string)) { IsIndexed = true },
            new VectorStoreDataProperty(Row, typeof(long)) { IsIndexed = true },
            new VectorStoreDataProperty(ContentName, typeof(string)),
            .. _fields.Values.Select(field => new VectorStoreDataProperty(field.Property, field.Type) { IsIndexed = true }),
            new VectorStoreVectorProperty(VectorName, typeof(ReadOnlyMemory<float>), dimension)
            {
                DistanceFunction = distanceFunction,
                IndexKind = options.IndexKind,
            },
        ],
    };

    /// <summary>The property of a field as filters name it; <see langword="null"/> for one that has none.</summary>
    public RecordField? FieldOf(string name) =>
        name == "id" ? new RecordField(Id, FieldKind.Text, []) : _fields.GetValueOrDefault(name);

    /// <summary>The fields that filters may ask for.</summary>
    public IEnumerable<string> FieldNames => _fields.Keys.Prepend("id");

    /// <summary>The key of a document, which is the same for the same id.</summary>
    public object KeyOf(string id) =>
        options.GuidKeys ? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16)) : id;

    /// <summary>Makes a record.</summary>
    /// <exception cref="FlowKitException">A tag is not of its field's kind.</exception>
    public Record ToRecord(Document document, long row)
    {
        var record = new Record
        {
            [KeyName] = KeyOf(document.Id),
            [Id] = document.Id,
            [Row] = row,
            [ContentName] = Encoding.UTF8.GetString(StoredDocument.Write(document, options.StoreContent)),
            [VectorName] = new ReadOnlyMemory<float>([.. document.Embedding!.ToFloats()]),
        };
        foreach (var (name, field) in _fields)
        {
            record[field.Property] = ValueOf(document, name, field);
        }

        return record;
    }

    /// <summary>Reads the document of a record.</summary>
    public static Document ToDocument(Record record, FieldSelection fields)
    {
        var document = StoredDocument.Read(Encoding.UTF8.GetBytes((string)record[ContentName]!));
        if (fields.HasEmbedding)
        {
            document.Embedding = NdArray.Wrap(((ReadOnlyMemory<float>)record[VectorName]!).ToArray());
        }

        return fields.Apply(document);
    }

    /// <summary>The id of a record.</summary>
    public static string IdOf(Record record) => (string)record[Id]!;

    /// <summary>The number of a record.</summary>
    public static long RowOf(Record record) => Convert.ToInt64(record[Row], CultureInfo.InvariantCulture);

    /// <summary>The kind of a record's vector.</summary>
    public static VectorStamp StampOf(Record record) => VectorStamp.Of(ToDocument(record, FieldSelection.WithEmbedding));

    private static Dictionary<string, RecordField> FieldsOf(CollectionOptions options)
    {
        var fields = options.Fields.ToDictionary(
            pair => TagPrefix + pair.Key,
            pair => new RecordField("tags_" + pair.Key.Replace("__", "_", StringComparison.Ordinal), pair.Value, pair.Key.Split("__")),
            StringComparer.Ordinal);
        var bad = options.Fields.Keys.FirstOrDefault(name => name.Length == 0 || name.Any(letter => !IsPlain(letter)))
            ?? fields.GroupBy(pair => pair.Value.Property).FirstOrDefault(group => group.Count() > 1)?.First().Key[TagPrefix.Length..];
        return bad is null ? fields : throw new FlowKitException(
            FlowErrorCode.InvalidArgument,
            $"Fields: '{bad}': expected the name of a tag in letters, digits and _ that no other field becomes alike.");
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';

    private static object? ValueOf(Document document, string name, RecordField field)
    {
        JsonNode? value = document.HasTags ? document.Tags : null;
        foreach (var part in field.Path)
        {
            value = (value as JsonObject)?[part];
        }

        return (field.Kind, value?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            (_, JsonValueKind.Null) => null,
            (FieldKind.Text, JsonValueKind.String) => value!.GetValue<string>(),
            (FieldKind.Number, JsonValueKind.Number) => double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture),
            (FieldKind.Flag, JsonValueKind.True) => true,
            (FieldKind.Flag, JsonValueKind.False) => false,
            var (kind, other) => throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"{name}: of document '{document.Id}' it is {other}, and the collection has it as {kind}, to filter by it."),
        };
    }
}
