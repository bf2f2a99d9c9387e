namespace EtcdMaint.Engine.Tests.Simulation;

/// <summary>A thread outside the pool, so that the pool is idle exactly when the simulated run waits.</summary>
internal static class OwnThread
{
    public static Task Run(Action work) =>
        Task.Factory.StartNew(
            work,
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
}
