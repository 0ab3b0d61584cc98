using System.Text.Json.Nodes;

namespace FlowKit.VectorStores;

/// <summary>Reads parameters, and names the one that is wrong.</summary>
internal static class ParameterReader
{
    private const int MaxLimit = 10_000;

    /// <summary>The number of matches or documents.</summary>
    public static int ReadLimit(double? value, int fallback) => ReadWhole(value, "limit", 1, MaxLimit) ?? fallback;

    /// <summary>A whole number in a range; <see langword="null"/> when there is none.</summary>
    public static int? ReadWhole(double? value, string name, int min, int max) => value switch
    {
        null => null,
        var number when number >= min && number <= max && number == Math.Floor(number.Value) => (int)number,
        var other => throw Invalid(name, $"{other} is not a whole number from {min} to {max}."),
    };

    /// <summary>A number in a range; <see langword="null"/> when there is none.</summary>
    public static float? ReadNumber(double? value, string name, float min, float max) => value switch
    {
        null => null,
        var number when number >= min && number <= max => (float)number,
        var other => throw Invalid(name, $"{other} is not a number from {min} to {max}."),
    };

    /// <summary>A filter; <see langword="null"/> when there is none.</summary>
    public static DocumentCondition? ReadFilter(JsonNode? query)
    {
        if (query is null)
        {
            return null;
        }

        DocumentCondition filter;
        try
        {
            filter = DocumentCondition.ParseFilter(query);
        }
        catch (FlowKitException exception)
        {
            throw Invalid("filter", exception.Message);
        }

        return filter.Fields.FirstOrDefault(field => field is "embedding" or "matches" or "scores" or "evaluations") is { } field
            ? throw Invalid("filter", $"{field}: no store has it in a document; every document of one has an embedding.")
            : filter;
    }

    /// <summary>The fields that are returned.</summary>
    public static FieldSelection ReadFields(IReadOnlyList<string>? names, bool withEmbeddings)
    {
        if (names is not null)
        {
            return FieldSelection.Parse(withEmbeddings ? [.. names, "embedding"] : names, "return");
        }

        return withEmbeddings ? FieldSelection.WithEmbedding : FieldSelection.All;
    }

    /// <summary>An error that names a parameter.</summary>
    public static FlowKitException Invalid(string name, string message) =>
        new(FlowErrorCode.InvalidArgument, $"parameters.{name}: {message}");
}
