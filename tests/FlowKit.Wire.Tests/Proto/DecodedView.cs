using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>A request in the form that protobuf's own JSON has, to be compared with what Python decoded.</summary>
internal static class DecodedView
{
    private static readonly JsonSerializerOptions s_lenient = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static JsonObject Of(DataRequest request)
    {
        var view = new JsonObject();
        var header = Header(request);
        Put(view, "header", header.Count > 0 || Has(request, DataRequestFields.Header) ? header : null);
        Put(view, "parameters", request.Parameters.Values.Count > 0 || Has(request, DataRequestFields.Parameters) ? request.Parameters.Values.DeepClone() : null);
        Put(view, "routes", request.Routes.Count > 0 ? new JsonArray([.. request.Routes.Select(Route)]) : null);
        return view;
    }

    public static JsonObject WithData(DataRequest request)
    {
        var view = Of(request);
        if (Has(request, DataRequestFields.Data))
        {
            var data = new JsonObject();
            Put(data, "docs", Has(request, DataRequestFields.Documents) ? List("docs", request.Documents) : null);
            view["data"] = data;
        }

        return view;
    }

    /// <summary>What a request says, whatever its bytes said beside that; numbers that JSON does not know as text.</summary>
    public static JsonObject Nodes(DataRequest request)
    {
        var view = Of(request);
        view["docs"] = List("docs", request.Documents);
        return view;
    }

    public static JsonObject Document(Document document)
    {
        var view = new JsonObject { ["id"] = document.Id };
        Put(view, "blob", document.Blob is { } blob ? Convert.ToBase64String(blob.Span) : null);
        Put(view, "tensor", document.Tensor is { } tensor ? Array(tensor) : null);
        Put(view, "text", document.Text);
        Put(view, "granularity", document.Granularity == 0 ? null : document.Granularity);
        Put(view, "adjacency", document.Adjacency == 0 ? null : document.Adjacency);
        Put(view, "parent_id", document.ParentId);
        Put(view, "weight", document.Weight);
        Put(view, "uri", document.Uri);
        Put(view, "modality", document.Modality);
        Put(view, "mime_type", document.MimeType);
        Put(view, "offset", document.Offset);
        Put(view, "location", document.Location is { } location ? new JsonArray([.. location.Select(value => (JsonNode)value)]) : null);
        Put(view, "chunks", document.HasChunks ? new JsonArray([.. document.Chunks.Select(Document)]) : null);
        Put(view, "matches", document.HasMatches ? new JsonArray([.. document.Matches.Select(Document)]) : null);
        Put(view, "embedding", document.Embedding is { } embedding ? Array(embedding) : null);
        Put(view, "tags", document.HasTags ? document.Tags.DeepClone() : null);
        Put(view, "scores", document.HasScores ? Scores(document.Scores) : null);
        Put(view, "evaluations", document.HasEvaluations ? Scores(document.Evaluations) : null);
        Put(view, "_metadata", document.HasMetadata ? document.Metadata.DeepClone() : null);
        return view;
    }

    /// <summary>Where two differ; null when they say the same.</summary>
    public static string? Difference(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                return left.Select(pair => pair.Key).Union(right.Select(pair => pair.Key))
                    .Select(key => left.ContainsKey(key) && right.ContainsKey(key) ? Difference(left[key], right[key], $"{path}.{key}") : $"{path}.{key} is on one side only")
                    .FirstOrDefault(difference => difference is not null);
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                return left.Select((item, i) => Difference(item, right[i], $"{path}[{i}]")).FirstOrDefault(difference => difference is not null);
            default:
                return IsSame(expected?.ToJsonString(s_lenient), actual?.ToJsonString(s_lenient)) ? null : $"{path}: {expected?.ToJsonString(s_lenient)} is not {actual?.ToJsonString(s_lenient)}";
        }
    }

    private static bool IsSame(string? left, string? right) =>
        left == right || (double.TryParse(left, CultureInfo.InvariantCulture, out var one) && double.TryParse(right, CultureInfo.InvariantCulture, out var other) && (float)one == (float)other);

    private static bool Has(DataRequest request, DataRequestFields field) => request.AlwaysWritten.HasFlag(field);

    private static void Put(JsonObject view, string name, JsonNode? value)
    {
        if (value is not null)
        {
            view[name] = value;
        }
    }

    private static JsonObject List(string name, DocumentArray documents) =>
        documents.Count == 0 ? [] : new JsonObject { [name] = new JsonArray([.. documents.Select(Document)]) };

    private static JsonObject Header(DataRequest request)
    {
        var header = new JsonObject();
        Put(header, "request_id", request.RequestId);
        Put(header, "status", Status(request.Status));
        Put(header, "exec_endpoint", Has(request, DataRequestFields.ExecEndpoint) ? request.ExecEndpoint : null);
        Put(header, "target_executor", Has(request, DataRequestFields.TargetExecutor) ? request.TargetExecutor : null);
        return header;
    }

    private static JsonObject Route(WireRoute route)
    {
        var view = new JsonObject { ["executor"] = route.Executor };
        Put(view, "start_time", Time(route.StartTime));
        Put(view, "end_time", Time(route.EndTime));
        Put(view, "status", Status(route.Status));
        return view;
    }

    private static string? Time(DateTimeOffset? time) => time?.ToString(
        time.Value.Ticks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject? Status(WireStatus? status)
    {
        if (status is null)
        {
            return null;
        }

        var view = new JsonObject();
        Put(view, "code", status.Code == 0 ? null : "ERROR");
        Put(view, "description", status.Message.Length > 0 ? status.Message : null);
        if (status.Exception is { } exception)
        {
            var inner = new JsonObject { ["name"] = exception.Name };
            Put(inner, "args", exception.Args.Count > 0 ? new JsonArray([.. exception.Args.Select(arg => (JsonNode)arg)]) : null);
            Put(inner, "stacks", exception.Stacks.Count > 0 ? new JsonArray([.. exception.Stacks.Select(line => (JsonNode)line)]) : null);
            Put(inner, "executor", exception.Executor.Length > 0 ? exception.Executor : null);
            view["exception"] = inner;
        }

        return view;
    }

    private static JsonObject Array(NdArray array)
    {
        if (array.Sparse is { } sparse)
        {
            return new JsonObject { ["indices"] = Array(sparse.Indices), ["values"] = Array(sparse.Values), ["cls_name"] = array.Framework };
        }

        var dense = new JsonObject();
        Put(dense, "buffer", array.Bytes.IsEmpty ? null : Convert.ToBase64String(array.Bytes.Span));
        Put(dense, "shape", array.Rank > 0 ? new JsonArray([.. array.Shape.ToArray().Select(dimension => (JsonNode)dimension)]) : null);
        dense["dtype"] = NdTypes.NumPyOf(array.Type);
        return new JsonObject { ["dense"] = dense, ["cls_name"] = array.Framework ?? "numpy" };
    }

    private static JsonObject Scores(Dictionary<string, NamedScore> scores)
    {
        var view = new JsonObject();
        foreach (var (name, score) in scores)
        {
            var inner = new JsonObject();
            Put(inner, "value", score.Value == 0 ? null : score.Value);
            Put(inner, "op_name", score.OpName);
            Put(inner, "description", score.Description);
            Put(inner, "ref_id", score.RefId);
            view[name] = inner;
        }

        return view;
    }
}
