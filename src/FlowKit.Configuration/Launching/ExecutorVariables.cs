namespace FlowKit.Configuration.Launching;

/// <summary>
/// The environment variables that say to <c>flowkit executor</c> what its arguments do not, set by images and orchestrators.
/// </summary>
internal static class ExecutorVariables
{
    /// <summary>The address to listen on.</summary>
    public const string Host = "FLOWKIT_EXECUTOR_HOST";

    /// <summary>The port to listen on.</summary>
    public const string Port = "FLOWKIT_EXECUTOR_PORT";

    /// <summary>The shard that it is, from 0.</summary>
    public const string Shard = "FLOWKIT_EXECUTOR_SHARD";
}
