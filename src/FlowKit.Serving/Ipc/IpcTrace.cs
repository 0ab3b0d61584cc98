using System.Diagnostics;
using System.Text;
using FlowKit.Telemetry;

namespace FlowKit.Serving.Ipc;

/// <summary>
/// The trace that a request belongs to, as the body of a frame: 16 bytes of the trace's id, 8 of the caller's span, 1 of W3C's flags, and
/// the trace's state as text.
/// </summary>
internal static class IpcTrace
{
    private const int TraceBytes = 16;
    private const int SpanBytes = 8;
    private const int FixedBytes = TraceBytes + SpanBytes + 1;

    /// <summary>Returns the body for what runs now; <see langword="null"/> when nobody listens.</summary>
    public static byte[]? Current() =>
        FlowTelemetry.Activities.HasListeners() && Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            ? Write(activity.Context)
            : null;

    /// <summary>Writes a context.</summary>
    public static byte[] Write(ActivityContext context)
    {
        var state = Encoding.UTF8.GetBytes(context.TraceState ?? "");
        var body = new byte[FixedBytes + state.Length];
        context.TraceId.CopyTo(body.AsSpan(0, TraceBytes));
        context.SpanId.CopyTo(body.AsSpan(TraceBytes, SpanBytes));
        body[FixedBytes - 1] = (byte)context.TraceFlags;
        state.CopyTo(body, FixedBytes);
        return body;
    }

    /// <summary>Reads a context.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ActivityContext Read(ReadOnlySpan<byte> body) => body.Length >= FixedBytes
        ? new ActivityContext(
            ActivityTraceId.CreateFromBytes(body[..TraceBytes]),
            ActivitySpanId.CreateFromBytes(body.Slice(TraceBytes, SpanBytes)),
            (ActivityTraceFlags)body[FixedBytes - 1],
            body.Length > FixedBytes ? Encoding.UTF8.GetString(body[FixedBytes..]) : null,
            isRemote: true)
        : throw new InvalidDataException($"a trace has at least {FixedBytes} bytes, not {body.Length}");
}
