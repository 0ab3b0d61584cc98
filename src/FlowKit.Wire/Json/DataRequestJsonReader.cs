using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Json;

/// <summary>Reads Jina's HTTP envelope, as a request or as a reply; camelCase and snake_case alike, everything optional.</summary>
public static class DataRequestJsonReader
{
    /// <summary>Reads a body; fields that the envelope does not have are left out, as Jina leaves them out.</summary>
    /// <param name="utf8">The whole body.</param>
    /// <exception cref="JsonException">It is not JSON, with line and position, or not an envelope, with the field.</exception>
    public static DataRequest Read(ReadOnlySpan<byte> utf8) => Read(utf8, DocArrayDialect.V1, out _);

    /// <summary>
    /// Reads the body of a request. Documents that stand anywhere but under <c>data</c> are refused: they would be lost. Chunks and matches
    /// get the depth and the parent that the sender left out.
    /// </summary>
    /// <param name="utf8">The whole body.</param>
    /// <exception cref="JsonException">It is not JSON, not an envelope, or has other fields but no <c>data</c>.</exception>
    public static DataRequest ReadRequest(ReadOnlySpan<byte> utf8) => ReadRequest(utf8, DocArrayDialect.V1);

    /// <summary>Reads the body of a request with documents of a dialect; in v2 a single one may stand under <c>data</c>.</summary>
    /// <param name="utf8">The whole body.</param>
    /// <param name="dialect">The dialect.</param>
    /// <exception cref="JsonException">It is not JSON, not an envelope, or has other fields but no <c>data</c>.</exception>
    public static DataRequest ReadRequest(ReadOnlySpan<byte> utf8, DocArrayDialect dialect)
    {
        var request = Read(utf8, dialect, out var stray);
        if (stray is not null)
        {
            throw new WireFormatException(
                stray,
                "the body has no such field, and nothing under 'data'; documents go there: {\"data\": [{\"text\": \"…\"}]}");
        }

        foreach (var document in request.Documents)
        {
            NestedFields.Complete(document);
        }

        return request;
    }

    /// <summary>Reads a body that is one document of v2, without an envelope.</summary>
    /// <param name="utf8">The whole body.</param>
    /// <exception cref="JsonException">It is not JSON, or no document.</exception>
    public static Document ReadDocument(ReadOnlySpan<byte> utf8)
    {
        JsonUnicode.CheckBytes(utf8);
        JsonPartLimit.Check(utf8, new JsonReaderOptions { MaxDepth = DocumentDepth.MaxJson });
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DocumentDepth.MaxJson });
        reader.Read();
        var document = DocumentJsonReader.Read(ref reader, "body", DocArrayDialect.V2);
        JsonUnicode.CheckEscapes(utf8);
        return document;
    }

    /// <param name="utf8">The whole body.</param>
    /// <param name="dialect">How its documents are written.</param>
    /// <param name="stray">The first unknown field of a body without documents under <c>data</c>.</param>
    private static DataRequest Read(ReadOnlySpan<byte> utf8, DocArrayDialect dialect, out string? stray)
    {
        JsonUnicode.CheckBytes(utf8);
        try
        {
            var request = ReadValid(utf8, dialect, out stray);
            JsonUnicode.CheckEscapes(utf8);
            return request;
        }
        catch (InvalidOperationException exception)
        {
            // A name with half a surrogate pair; a field's value would have been named.
            throw new WireFormatException("body", exception.Message);
        }
    }

    private static DataRequest ReadValid(ReadOnlySpan<byte> utf8, DocArrayDialect dialect, out string? stray)
    {
        stray = null;
        var hasData = false;
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow, MaxDepth = DocumentDepth.MaxJson };
        JsonPartLimit.Check(utf8, options);
        var reader = new Utf8JsonReader(utf8, options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new WireFormatException("body", "value is not a valid dict");
        }

        var request = new DataRequest();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString();
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (name == "data")
            {
                request.Documents = ReadData(ref reader, dialect, out var strayInData);
                hasData |= strayInData is null;
                stray ??= strayInData;
            }
            else if (!ReadField(ref reader, request, name))
            {
                stray ??= name;
                reader.Skip();
            }
        }

        if (reader.Read())
        {
            throw new WireFormatException("body", "more JSON follows the first value");
        }

        stray = hasData ? null : stray;
        return request;
    }

    private static bool ReadField(ref Utf8JsonReader reader, DataRequest request, string? name)
    {
        switch (name)
        {
            case "parameters":
                request.Parameters = new Parameters(FieldReader.Object(ref reader, "body", "parameters"));
                return true;
            case "execEndpoint" or "exec_endpoint":
                request.ExecEndpoint = FieldReader.String(ref reader, "body", name);
                return true;
            case "targetExecutor" or "target_executor":
                request.TargetExecutor = FieldReader.String(ref reader, "body", name);
                return true;
            case "header":
                ReadHeader(FieldReader.Object(ref reader, "body", name), request);
                return true;
            case "routes" when reader.TokenType == JsonTokenType.StartArray:
                request.Routes = [.. FieldReader.Objects(ref reader, "body", name).Select(ReadRoute)];
                return true;
            default:
                // A list of routes or a request id that is of another type says nothing that is lost.
                return name is "routes" or "requestId" or "request_id" && reader.TrySkip();
        }
    }

    /// <summary><c>"data": […]</c> or <c>"data": {"docs": […]}</c>.</summary>
    private static DocumentArray ReadData(ref Utf8JsonReader reader, DocArrayDialect dialect, out string? stray)
    {
        stray = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return DocumentJsonReader.ReadList(ref reader, "data", dialect);
        }

        if (dialect == DocArrayDialect.V2 && !HasDocs(reader))
        {
            return [DocumentJsonReader.Read(ref reader, "data", dialect)];
        }

        DocumentArray? documents = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isDocs = reader.ValueTextEquals("docs"u8);
            var name = isDocs ? null : $"data.{reader.GetString()}";
            reader.Read();
            if (isDocs && reader.TokenType != JsonTokenType.Null)
            {
                documents = DocumentJsonReader.ReadList(ref reader, "data.docs", dialect);
            }
            else
            {
                stray ??= name;
                reader.Skip();
            }
        }

        stray = documents is null ? stray : null;
        return documents ?? [];
    }

    /// <summary>Tells whether an object is the list of documents of v1; the reader is a copy, so that the object is read again.</summary>
    private static bool HasDocs(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isDocs = reader.ValueTextEquals("docs"u8);
            reader.Read();
            if (isDocs && reader.TokenType == JsonTokenType.StartArray)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static void ReadHeader(JsonObject header, DataRequest request)
    {
        request.RequestId = Text(header, "requestId", "request_id");
        request.TargetExecutor = Text(header, "targetExecutor", "target_executor") is { Length: > 0 } target
            ? target
            : request.TargetExecutor;
        request.ExecEndpoint = Text(header, "execEndpoint", "exec_endpoint") ?? request.ExecEndpoint;
        request.Status = ReadStatus(header["status"] as JsonObject);
    }

    private static WireRoute ReadRoute(JsonObject route) => new(
        Text(route, "executor", "executor") ?? "",
        Time(Text(route, "startTime", "start_time")),
        Time(Text(route, "endTime", "end_time")),
        ReadStatus(route["status"] as JsonObject));

    private static WireStatus? ReadStatus(JsonObject? status)
    {
        if (status is null)
        {
            return null;
        }

        var exception = status["exception"] as JsonObject;
        return new WireStatus(
            status["code"] is JsonValue code && code.TryGetValue<int>(out var number) ? number : 0,
            Text(status, "description", "description") ?? "",
            exception is null
                ? null
                : new WireException(
                    Text(exception, "name", "name") ?? "",
                    Texts(exception, "args"),
                    Texts(exception, "stacks"),
                    Text(exception, "executor", "executor") ?? ""));
    }

    private static List<string> Texts(JsonObject values, string name) => values[name] is JsonArray list
        ? [.. list.Select(item => item is JsonValue value && value.TryGetValue<string>(out var text) ? text : item?.ToJsonString() ?? "")]
        : [];

    private static string? Text(JsonObject values, string camelCase, string snakeCase) =>
        (values[camelCase] ?? values[snakeCase]) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
