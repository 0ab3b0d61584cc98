namespace FlowKit.Wire.Proto;

/// <summary>Jina's RouteProto, with protobuf's Timestamp in it.</summary>
internal static class RouteCodec
{
    private const int NanosecondsPerTick = 100;
    private static readonly long s_firstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long s_lastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public static WireRoute Read(ref ProtoReader reader, int index)
    {
        reader.CountPart(ProtoReader.MinMapBytes);
        var route = new WireRoute("", null, null);
        var outer = reader.Enter("routes", index);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    route = route with { Executor = reader.String("executor") };
                    break;
                case 2:
                    route = route with { StartTime = ReadTime(ref reader, "start_time") };
                    break;
                case 3:
                    route = route with { EndTime = ReadTime(ref reader, "end_time") };
                    break;
                case 4:
                    route = route with { Status = StatusCodec.Read(ref reader, "status") };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return route;
    }

    public static void Write(ref ProtoWriter writer, WireRoute route, int index)
    {
        var nested = writer.Begin(3, "routes", index);
        writer.String(1, route.Executor);
        WriteTime(ref writer, 2, route.StartTime);
        WriteTime(ref writer, 3, route.EndTime);
        StatusCodec.Write(ref writer, 4, route.Status);
        writer.End(nested);
    }

    private static DateTimeOffset ReadTime(ref ProtoReader reader, string name)
    {
        var (seconds, nanoseconds) = (0L, 0);
        var outer = reader.Enter(name);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    seconds = reader.Int64("seconds");
                    break;
                case 2:
                    nanoseconds = reader.Int32("nanos");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (seconds < s_firstSecond || seconds > s_lastSecond || nanoseconds is < 0 or > 999_999_999)
        {
            throw reader.Fault(null, $"{seconds} s and {nanoseconds} ns is no time between the years 1 and 9999");
        }

        reader.Leave(outer);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / NanosecondsPerTick);
    }

    private static void WriteTime(ref ProtoWriter writer, int field, DateTimeOffset? time)
    {
        if (time is not { } value)
        {
            return;
        }

        var nested = writer.Begin(field);
        writer.Int64(1, value.ToUnixTimeSeconds());
        writer.Int64(2, value.UtcTicks % TimeSpan.TicksPerSecond * NanosecondsPerTick);
        writer.End(nested);
    }
}
