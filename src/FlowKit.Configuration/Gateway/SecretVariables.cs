using System.Collections.Concurrent;

namespace FlowKit.Configuration.Gateway;

/// <summary>
/// The environment variables of this process that hold secrets: keys of its gateways, and what flow files give to one executor by name. No
/// process that FlowKit starts inherits them. A flow is read again while it serves, so they stay here.
/// </summary>
public static class SecretVariables
{
    /// <summary>The variable with the key that the command line shows to gateways.</summary>
    public const string ApiKey = "FLOWKIT_API_KEY";

    private static readonly ConcurrentDictionary<string, bool> s_names = new(StringComparer.Ordinal) { [ApiKey] = true };

    /// <summary>Takes them out of the environment of a process that is to be started.</summary>
    /// <param name="environment">Its environment.</param>
    public static void RemoveFrom(IDictionary<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var name in s_names.Keys)
        {
            environment.Remove(name);
        }
    }

    internal static void Add(string name) => s_names[name] = true;
}
