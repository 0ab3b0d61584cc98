using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Json;

/// <summary>Writes Jina's HTTP envelope: the envelope in camelCase, the documents in snake_case.</summary>
public static class DataRequestJsonWriter
{
    private static readonly JsonWriterOptions s_options = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a server's reply.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="options">How.</param>
    public static void WriteReply(IBufferWriter<byte> output, DataRequest reply, JsonWireOptions options)
    {
        ArgumentNullException.ThrowIfNull(reply);
        using var writer = new Utf8JsonWriter(output, s_options);
        writer.WriteStartObject();
        WriteHeader(writer, reply);
        writer.WritePropertyName("parameters"u8);
        reply.Parameters.Values.WriteTo(writer);
        if (reply.Routes.Count > 0 || options.Dialect == DocArrayDialect.V1)
        {
            WriteRoutes(writer, reply.Routes);
        }

        writer.WritePropertyName("data"u8);
        DocumentJsonWriter.Write(writer, reply.Documents, options);
        writer.WriteEndObject();
    }

    /// <summary>Writes a client's request.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="request">The request.</param>
    /// <param name="options">How.</param>
    public static void WriteRequest(IBufferWriter<byte> output, DataRequest request, JsonWireOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var writer = new Utf8JsonWriter(output, s_options);
        writer.WriteStartObject();
        writer.WritePropertyName("data"u8);
        DocumentJsonWriter.Write(writer, request.Documents, options);
        writer.WritePropertyName("parameters"u8);
        request.Parameters.Values.WriteTo(writer);
        writer.WriteString("execEndpoint"u8, request.ExecEndpoint);
        if (request.TargetExecutor.Length > 0)
        {
            writer.WriteString("targetExecutor"u8, request.TargetExecutor);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a status alone, as <c>/dry_run</c> answers.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="status">The status.</param>
    public static void WriteStatus(IBufferWriter<byte> output, WireStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        using var writer = new Utf8JsonWriter(output, s_options);
        WriteStatus(writer, status);
    }

    private static void WriteHeader(Utf8JsonWriter writer, DataRequest reply)
    {
        writer.WriteStartObject("header"u8);
        writer.WriteString("requestId"u8, reply.RequestId);
        WriteStatus(writer, "status"u8, reply.Status);
        writer.WriteString("execEndpoint"u8, reply.ExecEndpoint);
        writer.WriteString("targetExecutor"u8, reply.TargetExecutor);
        writer.WriteEndObject();
    }

    private static void WriteRoutes(Utf8JsonWriter writer, IReadOnlyList<WireRoute> routes)
    {
        writer.WriteStartArray("routes"u8);
        foreach (var route in routes)
        {
            WriteRoute(writer, route);
        }

        writer.WriteEndArray();
    }

    private static void WriteRoute(Utf8JsonWriter writer, WireRoute route)
    {
        writer.WriteStartObject();
        writer.WriteString("executor"u8, route.Executor);
        WriteTime(writer, "startTime"u8, route.StartTime);
        WriteTime(writer, "endTime"u8, route.EndTime);
        WriteStatus(writer, "status"u8, route.Status);
        writer.WriteEndObject();
    }

    /// <summary>Python's isoformat: microseconds and +00:00.</summary>
    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is not { } value)
        {
            writer.WriteNull(name);
            return;
        }

        IsoTime.Write(writer, name, value, "+00:00");
    }

    private static void WriteStatus(Utf8JsonWriter writer, ReadOnlySpan<byte> name, WireStatus? status)
    {
        writer.WritePropertyName(name);
        if (status is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            WriteStatus(writer, status);
        }
    }

    /// <summary>Writes a status as a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="status">The status.</param>
    public static void WriteStatus(Utf8JsonWriter writer, WireStatus status) => WriteStatus(writer, status, executor: null);

    /// <summary>Writes a status as a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="status">The status.</param>
    /// <param name="executor">The entry that failed, where no route tells it; <see langword="null"/> to leave it out.</param>
    internal static void WriteStatus(Utf8JsonWriter writer, WireStatus status, string? executor)
    {
        writer.WriteStartObject();
        writer.WriteNumber("code"u8, status.Code);
        writer.WriteString("description"u8, status.Message);
        if (status.Exception is { } exception)
        {
            writer.WriteStartObject("exception"u8);
            writer.WriteString("name"u8, exception.Name);
            WriteStrings(writer, "args"u8, exception.Args);
            WriteStrings(writer, "stacks"u8, exception.Stacks);
            writer.WriteString("executor"u8, exception.Executor);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("exception"u8);
        }

        if (executor is not null)
        {
            writer.WriteString("executor"u8, executor);
        }

        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
