using System.Globalization;
using FlowKit.Runtime;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>The headers with which a caller sets a request's deadline and priority.</summary>
/// <param name="Timeout">The time that the request may take; <see langword="null"/> for the gateway's own limit.</param>
/// <param name="Priority">The priority; <see cref="Priority.Normal"/> when no header names one.</param>
internal readonly record struct CallHeaders(TimeSpan? Timeout, Priority Priority)
{
    /// <summary>The header with which a caller says how long it waits, in milliseconds.</summary>
    public const string TimeoutHeader = "X-Request-Timeout-Ms";

    /// <summary>
    /// RFC 9218's header: <c>u=0</c> to <c>u=2</c> is high, <c>u=3</c> (the default) and <c>u=4</c> normal, <c>u=5</c> to <c>u=7</c> low.
    /// </summary>
    public const string PriorityHeader = "Priority";

    /// <summary>The header with the id of a request, under which a queue does it once however often it is sent.</summary>
    public const string IdempotencyHeader = "Idempotency-Key";

    /// <summary>The longest that a timer takes, 24 days; who says that it waits longer waits so long.</summary>
    private const double MaxMilliseconds = int.MaxValue - 1d;

    /// <exception cref="FlowKitException">The time is not a number above 0.</exception>
    public static CallHeaders Read(HttpRequest request) => new(ReadTimeout(request), ReadPriority(request));

    /// <summary>The id of a request that may come again; <see langword="null"/> when no header names one.</summary>
    public static string? ReadId(HttpRequest request) => request.Headers[IdempotencyHeader] is [{ Length: > 0 } key] ? key : null;

    /// <summary>As the RFC has it, the last of several counts, and what cannot be read is as if it were not there.</summary>
    private static Priority ReadPriority(HttpRequest request)
    {
        var priority = Priority.Normal;
        if (!request.Headers.TryGetValue(PriorityHeader, out var written))
        {
            return priority;
        }

        foreach (var item in written.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (item is ['u', '=', >= '0' and <= '7' and var urgency, ..] && (item.Length == 3 || item[3] is ';' or ' '))
            {
                priority = urgency switch
                {
                    <= '2' => Priority.High,
                    <= '4' => Priority.Normal,
                    _ => Priority.Low,
                };
            }
        }

        return priority;
    }

    private static TimeSpan? ReadTimeout(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(TimeoutHeader, out var text))
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds > 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, MaxMilliseconds))
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"{TimeoutHeader}: '{text}' is not a number of milliseconds above 0.");
    }
}
