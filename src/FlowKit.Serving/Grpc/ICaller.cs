using FlowKit.Runtime;

namespace FlowKit.Serving.Grpc;

/// <summary>What is known of whoever asks beside the message, whatever carries it.</summary>
internal interface ICaller
{
    /// <summary>How urgent it is.</summary>
    Priority Priority { get; }

    /// <summary>How much of the time that the caller waits is left, perhaps less than nothing; <see langword="null"/> for as long as it takes.</summary>
    TimeSpan? TimeLeft { get; }

    /// <summary>Whether the deadline has passed.</summary>
    bool HasExpired { get; }

    /// <summary>Ends when the caller has gone or its deadline has passed.</summary>
    CancellationToken CancellationToken { get; }

    /// <summary>Tells beside the answer that it is an error, where the carrier has a place for it.</summary>
    void SayError();
}
