namespace FlowKit.Orchestration.Devices;

/// <summary>Describes what is wrong with the devices that an executor asks for.</summary>
/// <param name="Executor">Its name.</param>
/// <param name="IsError">Whether the flow cannot start; otherwise it is a warning.</param>
/// <param name="Message">What is wrong and what is there, beginning with the key.</param>
internal sealed record GpuProblem(string Executor, bool IsError, string Message);
