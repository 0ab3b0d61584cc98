namespace FlowKit.Wire.Proto.V1;

/// <summary>DocArray v1's maps of NamedScoreProto.</summary>
internal static class ScoreCodec
{
    /// <summary>Reads one entry of a map.</summary>
    public static void ReadEntry(ref ProtoReader reader, string name, Dictionary<string, NamedScore> target)
    {
        var key = "";
        var score = new NamedScore(0);
        var outer = reader.Enter(name);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.String("key");
                    break;
                case 2:
                    score = ReadScore(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        target[key] = score;
    }

    public static void Write(ref ProtoWriter writer, int field, Dictionary<string, NamedScore> scores)
    {
        foreach (var (key, score) in scores)
        {
            var entry = writer.Begin(field);
            writer.String(1, key);
            var nested = writer.Begin(2);
            writer.Single(1, score.Value);
            writer.String(2, score.OpName);
            writer.String(3, score.Description);
            writer.String(4, score.RefId);
            writer.End(nested);
            writer.End(entry);
        }
    }

    private static NamedScore ReadScore(ref ProtoReader reader)
    {
        var score = new NamedScore(0);
        var outer = reader.Enter(null);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    score = score with { Value = reader.Single("value") };
                    break;
                case 2:
                    score = score with { OpName = reader.String("op_name") };
                    break;
                case 3:
                    score = score with { Description = reader.String("description") };
                    break;
                case 4:
                    score = score with { RefId = reader.String("ref_id") };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return score;
    }
}
