using System.Globalization;
using FlowKit.Wire.Grpc;

namespace FlowKit.Serving.Grpc;

/// <summary>The trailer that says after how many seconds to come again.</summary>
internal static class GrpcRetryAfter
{
    private const string Name = "retry-after";

    /// <summary>Says it, in whole seconds.</summary>
    public static GrpcMetadata Of(TimeSpan? wait) => wait is { } known
        ? new GrpcMetadata().Add(Name, Math.Ceiling(known.TotalSeconds).ToString(CultureInfo.InvariantCulture))
        : new GrpcMetadata();

    /// <summary>What was said; <see langword="null"/> when nothing was.</summary>
    public static TimeSpan? Find(GrpcMetadata trailers) =>
        int.TryParse(trailers.Find(Name), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
