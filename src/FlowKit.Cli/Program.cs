using FlowKit.Cli;

return await CommandLine.RunAsync(args);
