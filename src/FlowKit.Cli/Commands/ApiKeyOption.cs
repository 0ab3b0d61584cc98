using System.CommandLine;
using FlowKit.Client;

namespace FlowKit.Cli.Commands;

/// <summary><c>--api-key</c>, or the environment variable FLOWKIT_API_KEY.</summary>
internal sealed class ApiKeyOption : Option<string?>
{
    private const string Variable = "FLOWKIT_API_KEY";

    public ApiKeyOption()
        : base("--api-key")
    {
        Description = $"The key that the gateway asks for; {Variable} when it is not given.";
    }

    /// <summary>Makes a client that shows the key.</summary>
    /// <param name="result">What was written.</param>
    /// <param name="url">The flow's address.</param>
    public FlowClient Connect(ParseResult result, string url) =>
        new(url, new FlowClientOptions { ApiKey = result.GetValue(this) ?? Environment.GetEnvironmentVariable(Variable) });
}
