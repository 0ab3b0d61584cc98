using NodeMap = System.Collections.Generic.Dictionary<string, FlowKit.Wire.Proto.V2.Node>;

namespace FlowKit.Wire.Proto.V2;

/// <summary>Scores in DocArray v2: a dictionary of numbers, or of dictionaries with v1's names where a score says more.</summary>
internal static class ScoreNodes
{
    /// <summary>Reads all of them.</summary>
    /// <returns>Whether they are scores; if not, nothing is read.</returns>
    public static bool TryRead(NodeMap nodes, Dictionary<string, NamedScore> target)
    {
        var scores = nodes.Select(pair => (pair.Key, Score: Read(pair.Value))).ToList();
        if (scores.Exists(pair => pair.Score is null))
        {
            return false;
        }

        foreach (var (name, score) in scores)
        {
            target[name] = score!;
        }

        return true;
    }

    public static void Write(ref ProtoWriter writer, Dictionary<string, NamedScore> scores)
    {
        var nested = writer.Begin((int)NodeKind.Dict);
        foreach (var (name, score) in scores)
        {
            var entry = MapEntry.Begin(ref writer, name);
            if (score is { OpName: null, Description: null, RefId: null })
            {
                writer.PresentDouble((int)NodeKind.Float, score.Value);
            }
            else
            {
                WriteWhole(ref writer, score);
            }

            entry.End(ref writer, null);
        }

        writer.End(nested);
    }

    private static NamedScore? Read(Node node) => node switch
    {
        { Type: not null } => null,
        { Value: double value } => new NamedScore((float)value),
        { Value: NodeMap map, Kind: NodeKind.Dict } when map.Count > 0
            && map.All(pair => IsPart(pair.Key, pair.Value))
            && map.Any(pair => pair.Key != "value") =>
            new NamedScore(
                (float)(double)(Part(map, "value") ?? 0.0),
                (string?)Part(map, "op_name"),
                (string?)Part(map, "description"),
                (string?)Part(map, "ref_id")),
        _ => null,
    };

    private static bool IsPart(string name, Node node) =>
        node.Type is null
            && (name == "value" ? node.Value is double : name is "op_name" or "description" or "ref_id" && node.Value is string);

    private static object? Part(NodeMap map, string name) => map.TryGetValue(name, out var node) ? node.Value : null;

    private static void WriteWhole(ref ProtoWriter writer, NamedScore score)
    {
        var nested = writer.Begin((int)NodeKind.Dict);
        var value = MapEntry.Begin(ref writer, "value");
        writer.PresentDouble((int)NodeKind.Float, score.Value);
        value.End(ref writer, null);
        WriteText(ref writer, "op_name", score.OpName);
        WriteText(ref writer, "description", score.Description);
        WriteText(ref writer, "ref_id", score.RefId);
        writer.End(nested);
    }

    private static void WriteText(ref ProtoWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            var entry = MapEntry.Begin(ref writer, name);
            writer.PresentString((int)NodeKind.Text, value);
            entry.End(ref writer, null);
        }
    }
}
