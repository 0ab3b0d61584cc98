using FlowKit.Simulate;

return await new SimulateCommand().Parse(args).InvokeAsync();
