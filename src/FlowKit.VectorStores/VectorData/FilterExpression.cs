using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.VectorStores.VectorData;

/// <summary>
/// A filter as C# writes it: comparisons of fields with values, joined by <c>&amp;&amp;</c>, <c>||</c> and <c>!</c>, such as
/// <c>document =&gt; (string?)document.Tags["city"] == "Oslo" &amp;&amp; document.Weight &gt; 2</c>.
/// </summary>
/// <param name="fieldOf">Returns the field that an expression names; <see langword="null"/> where it names none.</param>
/// <param name="example">A filter that can be read, for errors.</param>
internal sealed class FilterExpression(Func<Expression, string?> fieldOf, string example)
{
    private static readonly FilterExpression s_ofDocuments = new(
        FieldOfDocument, "document => (string?)document.Tags[\"city\"] == \"Oslo\"");

    private static readonly Dictionary<string, string> s_fields = new(StringComparer.Ordinal)
    {
        [nameof(Document.Id)] = "id",
        [nameof(Document.Text)] = "text",
        [nameof(Document.Uri)] = "uri",
        [nameof(Document.MimeType)] = "mime_type",
        [nameof(Document.Modality)] = "modality",
        [nameof(Document.Weight)] = "weight",
        [nameof(Document.ParentId)] = "parent_id",
        [nameof(Document.Tags)] = "tags",
        [nameof(Document.Metadata)] = "_metadata",
    };

    /// <summary>Reads a filter over documents.</summary>
    /// <exception cref="NotSupportedException">A part of it has no counterpart.</exception>
    public static DocumentCondition ReadDocuments(Expression<Func<Document, bool>> filter) => s_ofDocuments.Read(filter);

    /// <summary>Reads a filter.</summary>
    /// <exception cref="NotSupportedException">A part of it has no counterpart.</exception>
    public DocumentCondition Read(LambdaExpression filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return DocumentCondition.Parse(Read(filter.Body));
    }

    /// <summary>The value of an expression that no record is in.</summary>
    public static object? Evaluate(Expression part) =>
        part is ConstantExpression constant ? constant.Value : Expression.Lambda(part).Compile().DynamicInvoke();

    private JsonObject Read(Expression part) => part switch
    {
        ConstantExpression { Value: true } => [],
        UnaryExpression { NodeType: ExpressionType.Not } not => new JsonObject { ["$not"] = Read(not.Operand) },
        BinaryExpression { NodeType: ExpressionType.AndAlso } both => Join("$and", both),
        BinaryExpression { NodeType: ExpressionType.OrElse } either => Join("$or", either),
        BinaryExpression comparison when OperatorOf(comparison.NodeType) is { } name => Compare(comparison, name),
        _ => throw Unknown(part),
    };

    private JsonObject Join(string name, BinaryExpression parts) =>
        new() { [name] = new JsonArray(Read(parts.Left), Read(parts.Right)) };

    private JsonObject Compare(BinaryExpression comparison, string name)
    {
        if (fieldOf(comparison.Left) is not { } field)
        {
            throw Unknown(comparison.Left);
        }

        return new JsonObject { [field] = new JsonObject { [name] = ValueOf(comparison.Right) } };
    }

    private static string? OperatorOf(ExpressionType type) => type switch
    {
        ExpressionType.Equal => "$eq",
        ExpressionType.NotEqual => "$neq",
        ExpressionType.GreaterThan => "$gt",
        ExpressionType.GreaterThanOrEqual => "$gte",
        ExpressionType.LessThan => "$lt",
        ExpressionType.LessThanOrEqual => "$lte",
        _ => null,
    };

    private static string? FieldOfDocument(Expression part) => part switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert => FieldOfDocument(convert.Operand),
        MemberExpression { Expression: ParameterExpression } member when s_fields.TryGetValue(member.Member.Name, out var name) => name,
        MethodCallExpression { Method.Name: "get_Item", Object: { } owner, Arguments: [var key] }
            when FieldOfDocument(owner) is { } field => $"{field}__{Evaluate(key)}",
        _ => null,
    };

    private static JsonNode? ValueOf(Expression part)
    {
        var value = Evaluate(part);
        return value is DateTimeOffset moment
            ? new JsonObject { ["$date"] = moment.ToString("O", System.Globalization.CultureInfo.InvariantCulture) }
            : JsonSerializer.SerializeToNode(value, Parameters.ReadOptions);
    }

    private NotSupportedException Unknown(Expression part) => new(
        $"The filter '{part}': compare a field on the left with a value on the right, as in {example};"
        + " for more ask the IVectorStore with a DocumentCondition.");
}
