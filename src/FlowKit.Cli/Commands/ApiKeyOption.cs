using System.CommandLine;
using FlowKit.Client;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Cli.Commands;

/// <summary><c>--api-key</c>, or the environment variable FLOWKIT_API_KEY.</summary>
internal sealed class ApiKeyOption : Option<string?>
{
    public ApiKeyOption()
        : base("--api-key")
    {
        Description = $"The key that the gateway asks for; {SecretVariables.ApiKey} when it is not given.";
    }

    /// <summary>Makes a client that shows the key.</summary>
    /// <param name="result">What was written.</param>
    /// <param name="url">The flow's address.</param>
    public FlowClient Connect(ParseResult result, string url) =>
        new(url, new FlowClientOptions { ApiKey = Read(result) });

    /// <summary>Returns the key; <see langword="null"/> where none is given.</summary>
    /// <param name="result">What was written.</param>
    public string? Read(ParseResult result) => result.GetValue(this) ?? Environment.GetEnvironmentVariable(SecretVariables.ApiKey);
}
