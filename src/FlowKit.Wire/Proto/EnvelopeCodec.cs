namespace FlowKit.Wire.Proto;

/// <summary>Reads and writes the fields that Jina's requests share: <c>header</c> 1, <c>parameters</c> 2, <c>routes</c> 3.</summary>
internal static class EnvelopeCodec
{
    /// <summary>Reads one field of them.</summary>
    /// <returns>Whether it was one.</returns>
    public static bool ReadField(ref ProtoReader reader, DataRequest request, ref List<WireRoute>? routes)
    {
        switch (reader.Field)
        {
            case 1:
                request.AlwaysWritten |= DataRequestFields.Header;
                ReadHeader(ref reader, request);
                return true;
            case 2:
                request.AlwaysWritten |= DataRequestFields.Parameters;
                StructCodec.Read(ref reader, "parameters", request.Parameters.Values);
                return true;
            case 3:
                request.Routes = routes ??= [];
                routes.Add(RouteCodec.Read(ref reader, routes.Count));
                return true;
            default:
                return false;
        }
    }

    public static void Write(ref ProtoWriter writer, DataRequest request)
    {
        WriteHeader(ref writer, request);
        if (request.Parameters.Values.Count > 0 || request.AlwaysWritten.HasFlag(DataRequestFields.Parameters))
        {
            StructCodec.Write(ref writer, 2, "parameters", request.Parameters.Values);
        }

        for (var i = 0; i < request.Routes.Count; i++)
        {
            RouteCodec.Write(ref writer, request.Routes[i], i);
        }
    }

    /// <summary>Keeps a field that is not known, where the message is only passed on.</summary>
    public static void KeepUnknown(ReadOnlyMemory<byte> field, DataRequest request, bool isLazy)
    {
        if (isLazy)
        {
            (request.UnknownFields ??= []).Add(field);
        }
    }

    public static void WriteUnknown(ref ProtoWriter writer, DataRequest request)
    {
        foreach (var field in request.UnknownFields ?? [])
        {
            writer.Raw(field.Span);
        }
    }

    private static void ReadHeader(ref ProtoReader reader, DataRequest request)
    {
        var outer = reader.Enter("header");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    request.RequestId = reader.String("request_id");
                    break;
                case 2:
                    request.Status = StatusCodec.Read(ref reader, "status");
                    break;
                case 3:
                    request.AlwaysWritten |= DataRequestFields.ExecEndpoint;
                    request.ExecEndpoint = reader.String("exec_endpoint");
                    break;
                case 4:
                    request.AlwaysWritten |= DataRequestFields.TargetExecutor;
                    request.TargetExecutor = reader.String("target_executor");
                    break;
                case 5:
                    request.Timeout = reader.UInt32("timeout");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
    }

    private static void WriteHeader(ref ProtoWriter writer, DataRequest request)
    {
        var always = request.AlwaysWritten;
        var hasEndpoint = request.ExecEndpoint != "/" || always.HasFlag(DataRequestFields.ExecEndpoint);
        var hasTarget = request.TargetExecutor.Length > 0 || always.HasFlag(DataRequestFields.TargetExecutor);
        if (!hasEndpoint
            && !hasTarget
            && string.IsNullOrEmpty(request.RequestId)
            && request.Status is null
            && request.Timeout is null
            && !always.HasFlag(DataRequestFields.Header))
        {
            return;
        }

        var header = writer.Begin(1, "header");
        writer.String(1, request.RequestId);
        StatusCodec.Write(ref writer, 2, request.Status);
        if (hasEndpoint)
        {
            writer.PresentString(3, request.ExecEndpoint);
        }

        if (hasTarget)
        {
            writer.PresentString(4, request.TargetExecutor);
        }

        if (request.Timeout is { } timeout)
        {
            writer.PresentVarint(5, timeout);
        }

        writer.End(header);
    }
}
