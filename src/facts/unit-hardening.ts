/** Directives of systemd.exec(5) that take rights from a service (sections "Sandboxing", "Capabilities", "Security"). */
export const HARDENING_DIRECTIVES: ReadonlySet<string> = new Set(
  `NoNewPrivileges ProtectSystem ProtectHome PrivateTmp PrivateDevices PrivateUsers PrivateNetwork
  PrivateMounts PrivateIPC ProtectKernelTunables ProtectKernelModules ProtectKernelLogs
  ProtectControlGroups ProtectClock ProtectHostname ProtectProc ProcSubset RestrictAddressFamilies
  RestrictNamespaces RestrictRealtime RestrictSUIDSGID RestrictFileSystems LockPersonality
  MemoryDenyWriteExecute RemoveIPC SystemCallFilter SystemCallArchitectures CapabilityBoundingSet
  AmbientCapabilities UMask ReadWritePaths ReadOnlyPaths InaccessiblePaths TemporaryFileSystem
  DynamicUser DevicePolicy IPAddressAllow IPAddressDeny SecureBits KeyringMode`.split(/\s+/),
);
