using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Serving.Gateway;

/// <summary>Compares a recorded answer with ours, field by field.</summary>
internal static class AnswerComparison
{
    /// <returns>The first difference; <see langword="null"/> when there is none.</returns>
    public static string? Find(JsonNode? recorded, JsonNode? ours, params string[] free) => Compare("$", recorded, ours, free);

    private static string? Compare(string path, JsonNode? recorded, JsonNode? ours, string[] free) => (recorded, ours) switch
    {
        _ when free.Contains(path) || IsFree(path, recorded, ours) => null,
        (JsonObject left, JsonObject right) => left.Select(pair => pair.Key).Union(right.Select(pair => pair.Key))
            .Select(key => !left.ContainsKey(key) ? $"{path}.{key} is too much" : !right.ContainsKey(key) ? $"{path}.{key} is missing" : Compare($"{path}.{key}", left[key], right[key], free))
            .FirstOrDefault(difference => difference is not null),
        (JsonArray left, JsonArray right) => left.Count != right.Count
            ? $"{path} has {right.Count} elements instead of {left.Count}"
            : left.Select((item, index) => Compare($"{path}[{index}]", item, right[index], free)).FirstOrDefault(difference => difference is not null),
        _ when recorded?.GetValueKind() == JsonValueKind.Number && ours?.GetValueKind() == JsonValueKind.Number
            && Math.Abs(recorded.GetValue<double>() - ours.GetValue<double>()) < 1e-6 => null,
        _ => JsonNode.DeepEquals(recorded, ours) ? null : $"{path} is {ours?.ToJsonString() ?? "null"} instead of {recorded?.ToJsonString() ?? "null"}",
    };

    /// <summary>Ids of 32 hex digits and times are made anew each time; both must be there or not be there.</summary>
    private static bool IsFree(string path, JsonNode? recorded, JsonNode? ours)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        return name is "id" or "requestId" or "request_id"
            ? recorded is JsonValue left && ours is JsonValue right && left.ToString().Length == 32 && right.ToString().Length == 32
            : name is "startTime" or "endTime" or "start_time" or "end_time" && recorded is not null && ours is not null && IsTimeLike(recorded.ToString(), ours.ToString());
    }

    /// <summary>The same form, digit for digit.</summary>
    private static bool IsTimeLike(string recorded, string ours) =>
        recorded.Length == ours.Length && recorded.Zip(ours).All(pair => char.IsAsciiDigit(pair.First) ? char.IsAsciiDigit(pair.Second) : pair.First == pair.Second);
}
