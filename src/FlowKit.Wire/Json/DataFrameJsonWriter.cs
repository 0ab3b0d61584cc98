using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>
/// Writes the envelope as Jina's WebSocket gateway does: snake_case throughout, what is not set left out, times with <c>Z</c>.
/// </summary>
public static class DataFrameJsonWriter
{
    private static readonly JsonWriterOptions s_options = new()
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a reply.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="options">How documents are written.</param>
    public static void Write(IBufferWriter<byte> output, DataRequest reply, JsonWireOptions options)
    {
        ArgumentNullException.ThrowIfNull(reply);
        using var writer = new Utf8JsonWriter(output, s_options);
        writer.WriteStartObject();
        WriteHeader(writer, reply);
        writer.WritePropertyName("parameters"u8);
        reply.Parameters.Values.WriteTo(writer);
        writer.WriteStartArray("routes"u8);
        foreach (var route in reply.Routes)
        {
            WriteRoute(writer, route);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("data"u8);
        DocumentJsonWriter.Write(writer, reply.Documents, options);
        writer.WriteEndObject();
    }

    private static void WriteHeader(Utf8JsonWriter writer, DataRequest reply)
    {
        writer.WriteStartObject("header"u8);
        writer.WriteString("request_id"u8, reply.RequestId);
        WriteStatus(writer, reply.Status);
        writer.WriteString("exec_endpoint"u8, reply.ExecEndpoint);
        writer.WriteString("target_executor"u8, reply.TargetExecutor);
        writer.WriteEndObject();
    }

    private static void WriteRoute(Utf8JsonWriter writer, WireRoute route)
    {
        writer.WriteStartObject();
        writer.WriteString("executor"u8, route.Executor);
        WriteTime(writer, "start_time"u8, route.StartTime);
        WriteTime(writer, "end_time"u8, route.EndTime);
        WriteStatus(writer, route.Status);
        writer.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter writer, WireStatus? status)
    {
        if (status is not null)
        {
            writer.WritePropertyName("status"u8);
            DataRequestJsonWriter.WriteStatus(writer, status);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            IsoTime.Write(writer, name, value, "Z");
        }
    }
}
