using System.Globalization;
using Grpc.Core;

namespace FlowKit.Wire.Grpc;

/// <summary>The trailer that says after how many seconds to come again.</summary>
public static class RetryAfter
{
    /// <summary>The trailer's name.</summary>
    public const string Name = "retry-after";

    /// <summary>Writes the trailer, in whole seconds.</summary>
    /// <param name="wait">How long; <see langword="null"/> for no trailer.</param>
    public static Metadata Of(TimeSpan? wait) => wait is { } known ? new Metadata { { Name, Seconds(known) } } : Metadata.Empty;

    /// <summary>Writes a time in whole seconds.</summary>
    /// <param name="wait">How long.</param>
    public static string Seconds(TimeSpan wait) => Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the trailer; <see langword="null"/> when there is none.</summary>
    /// <param name="trailers">The trailers of a call.</param>
    public static TimeSpan? Find(Metadata trailers)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        return double.TryParse(trailers.GetValue(Name), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }
}
