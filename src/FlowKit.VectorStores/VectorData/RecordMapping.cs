using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.Extensions.VectorData;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>Records of a dynamic collection as documents: data become tags, the key becomes the id.</summary>
internal sealed class RecordMapping
{
    private readonly VectorStoreKeyProperty _key;
    private readonly VectorStoreVectorProperty _vector;
    private readonly Dictionary<string, VectorStoreDataProperty> _data;
    private readonly FilterExpression _filters;

    /// <summary>Reads the properties.</summary>
    /// <exception cref="NotSupportedException">A document has no place for them.</exception>
    public RecordMapping(VectorStoreCollectionDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _key = definition.Properties.OfType<VectorStoreKeyProperty>().Single();
        _vector = definition.Properties.OfType<VectorStoreVectorProperty>().Single();
        _data = definition.Properties.OfType<VectorStoreDataProperty>().ToDictionary(property => property.Name, StringComparer.Ordinal);
        _filters = new FilterExpression(FieldOf, "record => (string?)record[\"city\"] == \"Oslo\"");
        if (_key.Type != typeof(string) && _key.Type != typeof(Guid))
        {
            throw new NotSupportedException($"{_key.Name}: a key is a string or a Guid here, not {_key.Type}.");
        }

        if (_data.Keys.FirstOrDefault(name => name.Contains("__", StringComparison.Ordinal)) is { } nested)
        {
            throw new NotSupportedException($"{nested}: two underscores part a tag from what is in it; take another name.");
        }
    }

    /// <summary>The id of a document.</summary>
    public static string IdOf(object key) => key.ToString()!;

    /// <summary>Makes a document of a record.</summary>
    public Document ToDocument(Record record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var document = new Document(IdOf(record[_key.Name] ?? ""))
        {
            Embedding = record.GetValueOrDefault(_vector.Name) switch
            {
                ReadOnlyMemory<float> vector => NdArray.Wrap(vector.ToArray()),
                float[] vector => NdArray.Wrap([.. vector]),
                _ => null,
            },
        };
        foreach (var name in _data.Keys.Where(name => record.GetValueOrDefault(name) is not null))
        {
            document.Tags[name] = JsonSerializer.SerializeToNode(record[name], Parameters.ReadOptions);
        }

        return document;
    }

    /// <summary>Makes a record of a document.</summary>
    public Record ToRecord(Document document)
    {
        var record = new Record { [_key.Name] = _key.Type == typeof(Guid) ? Guid.Parse(document.Id) : document.Id };
        foreach (var (name, property) in _data)
        {
            record[name] = (document.HasTags ? document.Tags[name] : null)?.Deserialize(property.Type!, Parameters.ReadOptions);
        }

        if (document.Embedding is { } embedding)
        {
            var vector = embedding.ToFloats().ToArray();
            record[_vector.Name] = _vector.Type == typeof(float[]) ? (object)vector : new ReadOnlyMemory<float>(vector);
        }

        return record;
    }

    /// <summary>Reads a filter over records.</summary>
    /// <exception cref="NotSupportedException">A part of it has no counterpart.</exception>
    public DocumentCondition ReadFilter(Expression<Func<Record, bool>> filter) => _filters.Read(filter);

    private string? FieldOf(Expression part) => part switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert => FieldOf(convert.Operand),
        MethodCallExpression { Method.Name: "get_Item", Object: ParameterExpression, Arguments: [var key] } =>
            FieldOf(FilterExpression.Evaluate(key) as string ?? ""),
        _ => null,
    };

    private string? FieldOf(string name)
    {
        if (name == _key.Name)
        {
            return "id";
        }

        return _data.ContainsKey(name) ? $"tags__{name}" : null;
    }
}
