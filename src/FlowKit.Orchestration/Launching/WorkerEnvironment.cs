using FlowKit.Configuration.Gateway;
using FlowKit.Orchestration.Devices;

namespace FlowKit.Orchestration.Launching;

/// <summary>The environment variables of a worker.</summary>
internal static class WorkerEnvironment
{
    /// <summary>
    /// Sets those of the entry over those of this process. Which GPUs a worker sees is not said twice: its device is counted among those
    /// that this process sees.
    /// </summary>
    public static void Set(IDictionary<string, string?> environment, ExecutorContext context)
    {
        SecretVariables.RemoveFrom(environment);
        foreach (var (name, value) in Of(context))
        {
            environment[name] = value;
        }

        environment["DOTNET_gcServer"] = "0";
    }

    /// <summary>Those of the entry.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(ExecutorContext context) =>
        context.Env.Where(pair => pair.Key != CudaVisibleDevices.Variable);
}
