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

    /// <summary>Makes a client for what needs the scope admin: without a key it shows the token of the start on this machine.</summary>
    /// <param name="result">What was written.</param>
    /// <param name="url">The flow's address.</param>
    public FlowClient ConnectAsAdmin(ParseResult result, string url) =>
        new(url, new FlowClientOptions { ApiKey = Given(result) ?? Token(url) });

    /// <summary>Makes a client that shows the key.</summary>
    /// <param name="result">What was written.</param>
    /// <param name="url">The flow's address.</param>
    public FlowClient Connect(ParseResult result, string url) =>
        new(url, new FlowClientOptions { ApiKey = Given(result) });

    private string? Given(ParseResult result) =>
        result.GetValue(this) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } key ? key : null);

    private static string? Token(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.IsLoopback ? AdminTokenFile.Read(address.Port) : null;
}
