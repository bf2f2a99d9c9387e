using System.Management.Automation;

namespace EmptyModule;

/// <summary>The least that makes an assembly a module: what an import costs before anything is in it.</summary>
[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet { }
