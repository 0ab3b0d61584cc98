namespace FlowKit;

/// <summary>
/// The memory that a request holds of what its flow may hold for all of them (<c>gateway.memory</c>). An executor that makes something
/// large of something small, as pixels of a file, takes its bytes first. All that is not returned before goes back when the request ends.
/// </summary>
public interface IMemoryShare
{
    /// <summary>Takes bytes, before they are allocated.</summary>
    /// <param name="bytes">How many more.</param>
    /// <param name="purpose">The thing that needs them, as a sentence begins: "The body".</param>
    /// <returns>The refusal, or <see langword="null"/> when they are taken.</returns>
    FlowError? TryTake(long bytes, string purpose);

    /// <summary>Takes bytes for something that grows; where there are none, waits a little for those that others give back.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="purpose">The thing that needs them, for the error.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The refusal; <see langword="null"/> when they were taken.</returns>
    ValueTask<FlowError?> TryTakeAsync(long bytes, string purpose, CancellationToken cancellationToken) => new(TryTake(bytes, purpose));

    /// <summary>Returns bytes that are not needed any more.</summary>
    /// <param name="bytes">How many.</param>
    void Return(long bytes);
}
