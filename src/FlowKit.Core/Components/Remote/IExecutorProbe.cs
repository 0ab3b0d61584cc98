namespace FlowKit.Components.Remote;

/// <summary>An executor whose place elsewhere can be asked whether it serves.</summary>
internal interface IExecutorProbe
{
    /// <summary>Asks now, or takes an answer that is at most a second old.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why it does not serve; <see langword="null"/> when it does.</returns>
    Task<FlowError?> ProbeAsync(CancellationToken cancellationToken);
}
