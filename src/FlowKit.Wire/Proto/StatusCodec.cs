namespace FlowKit.Wire.Proto;

/// <summary>Jina's StatusProto.</summary>
internal static class StatusCodec
{
    public static WireStatus Read(ref ProtoReader reader, string? name)
    {
        var status = new WireStatus(0, "");
        var outer = reader.Enter(name);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    status = status with { Code = reader.Int32("code") };
                    break;
                case 2:
                    status = status with { Description = reader.String("description") };
                    break;
                case 3:
                    status = status with { Exception = ReadException(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return status;
    }

    public static void Write(ref ProtoWriter writer, int field, WireStatus? status)
    {
        if (status is null)
        {
            return;
        }

        var nested = writer.Begin(field, "status");
        writer.Int64(1, status.Code);
        writer.String(2, status.Description);
        if (status.Exception is { } exception)
        {
            var inner = writer.Begin(3, "exception");
            writer.String(1, exception.Name);
            WriteAll(ref writer, 2, exception.Args);
            WriteAll(ref writer, 3, exception.Stacks);
            writer.String(4, exception.Executor);
            writer.End(inner);
        }

        writer.End(nested);
    }

    private static WireException ReadException(ref ProtoReader reader)
    {
        var (name, executor, args, stacks) = ("", "", new List<string>(), new List<string>());
        var outer = reader.Enter("exception");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.String("name");
                    break;
                case 2:
                    args.Add(reader.String("args"));
                    break;
                case 3:
                    stacks.Add(reader.String("stacks"));
                    break;
                case 4:
                    executor = reader.String("executor");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return new WireException(name, args, stacks, executor);
    }

    private static void WriteAll(ref ProtoWriter writer, int field, IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            writer.PresentString(field, value);
        }
    }
}
