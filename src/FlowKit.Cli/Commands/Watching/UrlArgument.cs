using System.CommandLine;

namespace FlowKit.Cli.Commands.Watching;

/// <summary>The address of a running flow, that of a flow on this machine when it is not given.</summary>
internal sealed class UrlArgument : Argument<string>
{
    public UrlArgument()
        : base("URL")
    {
        Description = "The flow's address.";
        DefaultValueFactory = _ => "http://localhost:8080";
    }
}
